// Refuses every connection that does not stay on this machine, at once, so that a plan is the same everywhere and never waits. Holds in the
// program, in its threads and in other Node.js processes that it starts; what is no Node.js program, nobody here can hold back.
//
// Let through: loopback addresses, `localhost`, 0.0.0.0 and :: (which lead to this machine too), and local sockets in the directory of
// temporary files. Any other local socket, such as that of Docker, leads to a service that is not the program's own.
"use strict";
const childProcess = require("node:child_process");
const dgram = require("node:dgram");
const dns = require("node:dns");
const { realpathSync } = require("node:fs");
const net = require("node:net");
const { tmpdir } = require("node:os");
const { dirname, resolve, sep } = require("node:path");
const { tell, stackBelow } = require("./tell.cjs");

/** A name or an address that leads to this machine. */
function isLocal(host) {
  const name = String(host)
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .replace(/%.*$/, "")
    .replace(/^::ffff:(?=\d+\.)/, "");
  if (net.isIP(name) === 4) return name.startsWith("127.") || name === "0.0.0.0";
  if (net.isIP(name) === 6) return /^[0:]*:[01]?$/.test(name);
  return name === "localhost" || name.endsWith(".localhost");
}

const real = (path) => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};
const temporary = [tmpdir(), real(tmpdir())].map((path) => path + sep);

/** A local socket that may be the program's own. On Windows a pipe has no directory; only Docker's is known not to be. */
function isOwnSocket(path) {
  if (process.platform === "win32") return !/docker|containerd/i.test(path);
  const place = real(dirname(resolve(path))) + sep;
  return temporary.some((start) => place.startsWith(start));
}

/** The error of a network that cannot be reached, which libraries know and most of them do not try again for long. */
function refused(what, syscall, code, below) {
  const { stack } = stackBelow(below);
  tell({ kind: "network", what, stack });
  const error = new Error(`${syscall} ${code} ${what} (refused by twodoor: a plan has no network)`);
  error.stack = `Error: ${error.message}${String(stack).replace(/^[^\n]*/, "")}`;
  return Object.assign(error, { code, syscall, errno: code === "ENETUNREACH" ? -101 : -3008, address: what });
}

/** What `net.Socket#connect` was asked for, in any of the forms that it takes; `undefined` when that may be connected to. */
function foreign(args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options =
    typeof first === "object" && first !== null
      ? first
      : typeof first === "string" && Number.isNaN(Number(first))
        ? { path: first }
        : { port: first, host: typeof args[1] === "string" ? args[1] : undefined };
  if (typeof options.path === "string") return isOwnSocket(options.path) ? undefined : options.path;
  const host = options.host || "localhost";
  return isLocal(host) ? undefined : `${host}:${options.port}`;
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connecting(...args) {
  const what = foreign(args);
  if (what === undefined) return connect.apply(this, args);
  const error = refused(what, "connect", "ENETUNREACH", connecting);
  // As with a real socket, whoever called may first listen for the error.
  process.nextTick(() => this.destroy(error));
  return this;
};

const guardDatagrams = () => {
  for (const name of ["send", "connect"]) {
    const method = dgram.Socket.prototype[name];
    dgram.Socket.prototype[name] = function sending(...args) {
      const callback = typeof args.at(-1) === "function" ? args.pop() : undefined;
      const address = args
        .filter((arg) => typeof arg === "string")
        .at(name === "send" && typeof args[0] === "string" ? 1 : 0);
      if (address === undefined || isLocal(address))
        return method.call(this, ...args, ...(callback === undefined ? [] : [callback]));
      const error = refused(address, name, "ENETUNREACH", sending);
      process.nextTick(() => (callback === undefined ? this.emit("error", error) : callback(error)));
      return undefined;
    };
  }
};

const guardNames = () => {
  const isQuery = (name) => /^(?:lookup|lookupService|resolve.*|reverse)$/.test(name);
  const wrap = (target, isPromise) => {
    for (const name of Object.getOwnPropertyNames(target).filter(isQuery)) {
      const query = target[name];
      if (typeof query !== "function") continue;
      const asking = function (...args) {
        const isLookup = name === "lookup" || name === "lookupService";
        // `lookup` of an address or of `localhost` asks no server.
        const answersHere = isLookup && (!args[0] || isLocal(args[0]) || (name === "lookup" && net.isIP(args[0]) > 0));
        if (answersHere) return query.apply(this, args);
        const error = refused(String(args[0]), name === "lookup" ? "getaddrinfo" : "query", "ENOTFOUND", asking);
        error.hostname = String(args[0]);
        if (isPromise) return Promise.reject(error);
        const callback = args.at(-1);
        if (typeof callback === "function") process.nextTick(() => callback(error));
        return {};
      };
      // `util.promisify(dns.lookup)` answers with an object: what the original is marked with stays.
      target[name] = Object.defineProperties(asking, Object.getOwnPropertyDescriptors(query));
    }
  };
  wrap(dns, false);
  wrap(dns.Resolver.prototype, false);
  wrap(dns.promises, true);
  wrap(dns.promises.Resolver.prototype, true);
};

/** `fetch` of a request with a body connects after it has returned, where the stack no longer holds the program's line. */
const guardFetch = () => {
  const { fetch } = globalThis;
  if (typeof fetch !== "function") return;
  globalThis.fetch = function fetching(resource, ...rest) {
    let url;
    try {
      url = new URL(typeof resource === "object" && "url" in resource ? resource.url : String(resource));
    } catch {
      return fetch.call(this, resource, ...rest);
    }
    if (!/^https?:$/.test(url.protocol) || isLocal(url.hostname)) return fetch.call(this, resource, ...rest);
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    const cause = refused(`${url.hostname}:${port}`, "connect", "ENETUNREACH", fetching);
    return Promise.reject(Object.assign(new TypeError("fetch failed", { cause })));
  };
};

/** Every Node.js process that is started here gets this file too, and what finds it again when it outlives the program. */
const guardChildren = () => {
  const flag = JSON.stringify(`--require=${__filename}`);
  if (!(process.env.NODE_OPTIONS ?? "").includes(flag))
    process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, flag].filter(Boolean).join(" ");
  const { spawn } = childProcess.ChildProcess.prototype;
  childProcess.ChildProcess.prototype.spawn = function (options, ...rest) {
    const pairs = options?.envPairs;
    if (Array.isArray(pairs)) {
      const add = (name, value) => {
        if (value !== undefined && !pairs.some((pair) => pair.startsWith(`${name}=`))) pairs.push(`${name}=${value}`);
      };
      add("NODE_OPTIONS", flag);
      add("TWODOOR_RUN", process.env.TWODOOR_RUN ?? run);
    }
    return spawn.call(this, options, ...rest);
  };
};
const run = process.env.TWODOOR_RUN;

guardDatagrams();
guardNames();
guardFetch();
guardChildren();
