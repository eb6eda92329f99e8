// What the page asks of the server it came from: the feed of what somebody sees, and what they do.

/** Listens to everything `by` sees; returns a function that ends it. */
export function listen(by, handlers) {
  const source = new EventSource(by ? `feed?by=${encodeURIComponent(by)}` : "feed");
  for (const [name, handle] of Object.entries(handlers)) {
    if (name === "lost") source.onerror = () => handle();
    else source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  return () => source.close();
}

async function post(where, body) {
  try {
    const response = await fetch(where, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) return { ok: false, said: `The demo refused that (${response.status}).` };
    return await response.json();
  } catch {
    return { ok: false, said: "The demo is not running any more." };
  }
}

/** Somebody does something; answers `{ok}`, with `errors` for fields or words in `said`. */
export const act = (by, what, details) => post("act", { by, do: what, ...details });

/** Something happens to the stage. */
export const stage = (what, details) => post("stage", { do: what, ...details });

/** Reads JSON, or nothing. */
export async function read(where) {
  try {
    const response = await fetch(where);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
