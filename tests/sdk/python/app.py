"""A tea round, written with Slack's own SDK for Python and nothing of ours.

tests/it/sdk.rs runs it against the simulator. It uses Slack as its documentation says, so whatever of it does not work
there is a mistake of the simulator. tests/sdk/node/app.js does the same, word for word.
"""

import json
import os

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

# The one thing that differs from an app for the real Slack: where Slack is. (A token that is left in the environment makes
# App warn that it has two.)
client = WebClient(token=os.environ.pop("SLACK_BOT_TOKEN"), base_url=os.environ["SLACK_API_URL"])
app = App(client=client)


def plain(text):
    return {"type": "plain_text", "text": text}


# A slash command: the acknowledgement carries an answer, a message with a button follows.
@app.command("/tea")
def tea(ack, say, command):
    ack("The kettle is on.")
    wish = f"<@{command['user_id']}> would like {command['text']}"
    button = {"type": "button", "action_id": "take", "text": plain("Take it"), "value": command["text"]}
    say(
        text=wish,
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": wish}},
            {"type": "actions", "elements": [button]},
        ],
    )


# A button: a form opens with its trigger, and its response URL says so.
@app.action("take")
def take(ack, body, action, client, respond):
    ack()
    field = {"type": "plain_text_input", "action_id": "number"}
    order = {"channel": body["channel"]["id"], "ts": body["message"]["ts"], "tea": action["value"]}
    opened = client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "minutes",
            "private_metadata": json.dumps(order),
            "title": plain("Tea round"),
            "submit": plain("Promise"),
            "blocks": [{"type": "input", "block_id": "minutes", "label": plain("Minutes"), "element": field}],
        },
    )
    view = opened["view"]
    assert view["hash"] and view["callback_id"] == "minutes" and view["state"]["values"] == {}
    respond(text="The form is open.", response_type="ephemeral", replace_original=False)


# A form: refused at the field, or taken; then the message changes, and its thread says when.
@app.view("minutes")
def minutes(ack, view, body, client):
    typed = view["state"]["values"]["minutes"]["number"]["value"]
    if not typed.isdigit():
        ack(response_action="errors", errors={"minutes": "A number, please."})
        return
    ack()
    order = json.loads(view["private_metadata"])
    changed = client.chat_update(
        channel=order["channel"], ts=order["ts"], text=f"<@{body['user']['id']}> brings {order['tea']}"
    )
    assert changed["message"]["text"] == changed["text"]
    client.chat_postMessage(channel=order["channel"], thread_ts=order["ts"], text=f"Ready in {typed} minutes.")


# A reply: answered where it was written.
@app.message("sugar")
def sugar(message, say):
    assert message["parent_user_id"]
    say(text="Two lumps.", thread_ts=message["thread_ts"])


# A reaction: answered with what must be read first, some of it in pages.
@app.event("reaction_added")
def reaction(event, client):
    channel, ts = event["item"]["channel"], event["item"]["ts"]
    who = client.users_info(user=event["user"])["user"]["name"]
    where = client.conversations_info(channel=channel)["channel"]["name"]
    written = client.conversations_replies(channel=channel, ts=ts, include_all_metadata=False)["messages"]
    people = sum(len(page["members"]) for page in client.users_list(limit=1))
    text = f"{event['reaction']} of {who} in {where}: {len(written)} messages, {people} people"
    client.chat_postMessage(channel=channel, thread_ts=ts, text=text)


SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
