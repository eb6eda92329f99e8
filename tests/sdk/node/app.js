// A tea round, written with Slack's own SDK for Node and nothing of ours.
//
// tests/it/sdk.rs runs it against the simulator. It uses Slack as its documentation says, so whatever of it does not work
// there is a mistake of the simulator. tests/sdk/python/app.py does the same, word for word.

const assert = require('node:assert');
const { App } = require('@slack/bolt');

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  // The one thing that differs from an app for the real Slack: where Slack is.
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const plain = (text) => ({ type: 'plain_text', text });

// A slash command: the acknowledgement carries an answer, a message with a button follows.
app.command('/tea', async ({ ack, say, command }) => {
  await ack('The kettle is on.');
  const wish = `<@${command.user_id}> would like ${command.text}`;
  const button = { type: 'button', action_id: 'take', text: plain('Take it'), value: command.text };
  await say({
    text: wish,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: wish } },
      { type: 'actions', elements: [button] },
    ],
  });
});

// A button: a form opens with its trigger, and its response URL says so.
app.action('take', async ({ ack, body, action, client, respond }) => {
  await ack();
  const field = { type: 'plain_text_input', action_id: 'number' };
  const order = { channel: body.channel.id, ts: body.message.ts, tea: action.value };
  const { view } = await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'minutes',
      private_metadata: JSON.stringify(order),
      title: plain('Tea round'),
      submit: plain('Promise'),
      blocks: [{ type: 'input', block_id: 'minutes', label: plain('Minutes'), element: field }],
    },
  });
  assert(view.hash && view.callback_id === 'minutes');
  assert.deepStrictEqual(view.state.values, {});
  await respond({ text: 'The form is open.', response_type: 'ephemeral', replace_original: false });
});

// A form: refused at the field, or taken; then the message changes, and its thread says when.
app.view('minutes', async ({ ack, view, body, client }) => {
  const typed = view.state.values.minutes.number.value;
  if (!/^[0-9]+$/.test(typed)) {
    await ack({ response_action: 'errors', errors: { minutes: 'A number, please.' } });
    return;
  }
  await ack();
  const { channel, ts, tea } = JSON.parse(view.private_metadata);
  const changed = await client.chat.update({ channel, ts, text: `<@${body.user.id}> brings ${tea}` });
  assert.strictEqual(changed.message.text, changed.text);
  await client.chat.postMessage({ channel, thread_ts: ts, text: `Ready in ${typed} minutes.` });
});

// A reply: answered where it was written.
app.message('sugar', async ({ message, say }) => {
  assert(message.parent_user_id);
  await say({ text: 'Two lumps.', thread_ts: message.thread_ts });
});

// A reaction: answered with what must be read first, some of it in pages.
app.event('reaction_added', async ({ event, client }) => {
  const { channel, ts } = event.item;
  const { user } = await client.users.info({ user: event.user });
  const { channel: where } = await client.conversations.info({ channel });
  const { messages } = await client.conversations.replies({ channel, ts, include_all_metadata: false });
  let people = 0;
  for await (const page of client.paginate('users.list', { limit: 1 })) {
    people += page.members.length;
  }
  const text = `${event.reaction} of ${user.name} in ${where.name}: ${messages.length} messages, ${people} people`;
  await client.chat.postMessage({ channel, thread_ts: ts, text });
});

app.start();
