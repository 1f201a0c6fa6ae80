/** Programs that answer one JSON document a line: played by Node with a few lines of script. */
import { describe, expect, test } from "vitest";
import { isBrineError } from "../../dist/errors.js";
import { startJsonProcess, type JsonProcess } from "../../dist/node/json-process.js";

interface Greeting {
  readonly version: string;
  readonly pid: number;
}

/** Runs `body` for each request of the program. */
function play(body: string, greeting = "answer({ version: '1', pid: process.pid });"): JsonProcess<Greeting> {
  const script = `
    const answer = (document) => process.stdout.write(JSON.stringify(document) + "\\n");
    ${greeting}
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const request = JSON.parse(line);
      ${body}
    }).on("close", () => process.exit());`;
  return startJsonProcess<Greeting>("the player", process.execPath, ["-e", script], process.env);
}

async function failure(promise: Promise<unknown>): Promise<{ tag: string; message: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isBrineError(error)) throw new Error(`not a BrineError: ${String(error)}`);
  return { tag: error.tag, message: error.message };
}

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a program that answers", () => {
  test("gets each request and reports its progress", async () => {
    const player = play(`
      answer({ id: request.id, progress: { stage: "thinking", done: 1 } });
      if (request.method === "fail") answer({ id: request.id, error: { tag: "not-converged", message: "never" } });
      else setTimeout(() => answer({ id: request.id, result: request.x * 2 }), request.x);`);
    expect((await player.greeting).version).toBe("1");
    const stages: string[] = [];
    const answers = await Promise.all([
      player.request<number>("double", { x: 30 }, { onProgress: ({ stage }) => stages.push(stage) }),
      player.request<number>("double", { x: 2 }),
    ]);
    expect(answers).toEqual([60, 4]);
    expect(stages).toEqual(["thinking"]);
    expect(await failure(player.request("fail", {}))).toEqual({ tag: "not-converged", message: "never" });
    expect(player.alive()).toBe(true);
    await player.close();
    expect(player.alive()).toBe(false);
    expect((await failure(player.request("double", { x: 1 }))).tag).toBe("aborted");
  });

  test("is ended by an abort in the middle of its work", async () => {
    const player = play("for (;;);");
    const { pid } = await player.greeting;
    const stop = new AbortController();
    const work = player.request("long", {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    expect((await failure(work)).tag).toBe("aborted");
    await player.close();
    expect(running(pid)).toBe(false);
  });
});

describe("a program that does not", () => {
  test("is quoted with its last words", async () => {
    const player = play(
      'console.error("first"); console.error("out of paper"); process.exitCode = 3; process.stdin.destroy();',
    );
    expect(await failure(player.request("print", {}))).toEqual({
      tag: "input",
      message: "the player ended with code 3: out of paper",
    });
    expect((await failure(player.request("print", {}))).message).toContain("out of paper");
  });

  test("says why it cannot begin", async () => {
    const player = play("", 'answer({ error: { tag: "unsupported", message: "no paper" } }); process.exit(1);');
    expect(await failure(player.greeting)).toEqual({ tag: "unsupported", message: "no paper" });
    const none = startJsonProcess("the player", "/there/is/no/such/program", [], process.env);
    expect(await failure(none.greeting)).toMatchObject({
      tag: "unsupported",
      message: expect.stringContaining("cannot be started"),
    });
    await none.close();
  });

  test("talks nonsense", async () => {
    const player = play('process.stdout.write("hello\\n");');
    expect(await failure(player.request("print", {}))).toMatchObject({
      tag: "corrupt",
      message: expect.stringContaining("hello"),
    });
    await player.close();
  });
});
