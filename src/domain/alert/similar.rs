//! Whether two messages say nearly the same.

/// Two messages say the same when they have at least so many fifths of their words in common.
const ENOUGH_FIFTHS: usize = 4;

/// The words of a message, to be compared with others.
///
/// Two messages have nearly the same words, whatever their order, case and punctuation, when the Sørensen–Dice
/// coefficient of their words is at least 0.8. Names and numbers are words too, so "disk full on db-3" is not "disk full
/// on db-4". <https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a message.
    pub fn of(message: &str) -> Self {
        let mut words: Vec<String> = words(message).map(str::to_lowercase).collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    /// Whether `other` has nearly the same; one that does not costs a few words' reading.
    pub fn are_nearly_those_of(&self, other: &str) -> bool {
        // With more strangers than that, there is too little in common however many of ours follow.
        let most_strangers = self.0.len() / 2;
        let mut common: Vec<usize> = Vec::new();
        let mut strangers: Vec<&str> = Vec::new();
        for word in words(other) {
            match self.position(word) {
                Some(at) if common.contains(&at) => {}
                Some(at) => common.push(at),
                None if strangers.contains(&word) => {}
                None => strangers.push(word),
            }
            if strangers.len() > most_strangers {
                return false;
            }
        }
        let all = self.0.len() + common.len() + strangers.len();
        !common.is_empty() && 2 * 5 * common.len() >= ENOUGH_FIFTHS * all
    }

    fn position(&self, word: &str) -> Option<usize> {
        if word.is_ascii() {
            return self.0.iter().position(|own| own.eq_ignore_ascii_case(word));
        }
        let word = word.to_lowercase();
        self.0.iter().position(|own| *own == word)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && !"-_.".contains(character))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
}
