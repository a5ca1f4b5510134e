import { RefusedAddressError } from "../../lib/storage/allowed_hosts.ts";
import { AllowedHosts, fetchBytes } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("env", "net");
const [A, B] = ["https://a.example/f.zip", "https://b.example/g.zip"];

/** Names that lead to public addresses, and one that does not. */
const resolve = (name: string) =>
  Promise.resolve(name === "inside.example" ? ["8.8.8.8", "10.0.0.1"] : ["8.8.8.8"]);

async function isAllowed(
  hosts: AllowedHosts,
  url: string,
  from?: string,
): Promise<string | undefined> {
  try {
    await hosts.check(new URL(url), from === undefined ? undefined : new URL(from));
  } catch (error) {
    if (!(error instanceof RefusedAddressError)) throw error;
    assert(!error.message.includes("\n"), error.message);
    return error.message;
  }
}

Deno.test({
  name: "AllowedHosts takes redirects to hosts that are fetched from, named or their publisher's",
  ignore,
  async fn() {
    const hosts = new AllowedHosts([A, B, "https://github.com/x"], {
      named: ["cdn.example"],
      setting: "dataset.hosts",
      resolve,
    });
    for (const to of [B, "https://cdn.example/x", "https://objects.githubusercontent.com/x"]) {
      assertEquals(await isAllowed(hosts, to, A), undefined);
    }
    const other = await isAllowed(hosts, "https://githubusercontent.com.evil.example/", A);
    assert(
      other?.startsWith(`${A} redirects to another host, githubusercontent.com.evil.example: `),
    );
    assert(other!.endsWith("or name the host in dataset.hosts"), other);
    assert((await isAllowed(hosts, "http://a.example/", A))!.includes("stays with https"));
    assert((await isAllowed(hosts, "file:///etc/passwd", A))!.includes("neither http"));
    assertEquals(
      await isAllowed(new AllowedHosts([A], { byUser: true, resolve }), B, A),
      undefined,
    );
  },
});

Deno.test({
  name: "AllowedHosts refuses this machine and private networks, unless named with their port",
  ignore,
  async fn() {
    for (
      const url of [
        "http://127.0.0.1:8000/x",
        "http://[::1]/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "http://localhost:8000/x",
        "https://169.254.169.254/latest/meta-data",
        "https://inside.example/x",
      ]
    ) {
      const system = url.includes("localhost") ? {} : { resolve };
      const { hostname, port, protocol } = new URL(url);
      const meant = `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`;
      const hosts = new AllowedHosts([url], { named: [hostname], setting: "S", ...system });
      const why = await isAllowed(hosts, url);
      assert(why?.endsWith(`: if that is meant, name "${meant}" in S`), why);
      const named = new AllowedHosts([url], { named: [meant], ...system });
      assertEquals(await isAllowed(named, url), undefined);
      const user = new AllowedHosts([url], { byUser: true, ...system });
      assertEquals(await isAllowed(user, url), undefined);
      const redirected = new AllowedHosts(["http://a.example/"], { byUser: true, ...system });
      assert(await isAllowed(redirected, url, "http://a.example/") !== undefined);
    }
  },
});

Deno.test({
  name: "fetchBytes() refuses a redirect from a host that is allowed to one that is not",
  ignore,
  async fn() {
    const inside = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      () => new Response("secret"),
    );
    const outside = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        const { pathname } = new URL(request.url);
        const to = pathname === "/loop" ? "/loop" : `http://127.0.0.1:${inside.addr.port}/`;
        return new Response(null, { status: 302, headers: { location: to } });
      },
    );
    try {
      const url = `http://127.0.0.1:${outside.addr.port}/photo`;
      const hosts = new AllowedHosts([url], { byUser: true });
      const options = { stallTimeout: 5000, hosts };
      await assertRejects(() => fetchBytes(url, options), RefusedAddressError, "private network");
      const loop = url.replace("photo", "loop");
      await assertRejects(() => fetchBytes(loop, options), RefusedAddressError, "more than 5");
    } finally {
      await inside.shutdown();
      await outside.shutdown();
    }
  },
});
