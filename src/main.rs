//! The command line: argv to a subcommand, and nothing else.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use nightbell::{clock::Clock, command::manifest, config};

/// The bell you ring at night: alerts and on-call for Slack.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    subcommand: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reads the configuration and says what is wrong with it, without a network.
    Check {
        /// The configuration file.
        #[arg(long, env = "NIGHTBELL_CONFIG", default_value = "nightbell.toml")]
        config: PathBuf,
    },
    /// Prints the app manifest that matches this build.
    Manifest,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the command line speaks to a terminal"
)]
fn main() -> ExitCode {
    match Arguments::parse().subcommand {
        What::Check { config } => match config::check(&config, Clock::System.now()) {
            Ok(summary) => {
                println!("{summary}");
                ExitCode::SUCCESS
            }
            Err(mistakes) => {
                eprintln!("{mistakes}");
                ExitCode::FAILURE
            }
        },
        What::Manifest => {
            println!("{:#}", manifest::manifest());
            ExitCode::SUCCESS
        }
    }
}
