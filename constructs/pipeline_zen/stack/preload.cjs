// Makes the CDK start and work faster, as fast_start.py explains. What is not of the expected form
// is loaded as ever. It also has Node outlive a Ctrl-C, which reaches every process of a terminal:
// Node ends when Python does, and then removes its temporary folder.
"use strict";

const crypto = require("crypto");
const fs = require("fs");
const Module = require("module");
const os = require("os");
const path = require("path");
const { Writable } = require("stream");

const {
  PIPELINE_ZEN_NODE_CORE: CORE,
  PIPELINE_ZEN_NODE_GOOGLE: GOOGLE,
  PIPELINE_ZEN_NODE_CACHE: CACHE, // A folder; without it nothing is kept from one start to the next.
} = process.env;

// jsii's own listeners would end it, so they are not let in.
const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"];
SIGNALS.forEach((signal) => process.on(signal, () => {}));
const on = process.on;
process.on = function (event, listener) {
  return SIGNALS.includes(event) ? this : on.call(this, event, listener);
};

const PROGRAM = path.join("lib", "program.js");

// By the end of a file's path, what is loaded in its place; undefined where it is as it should be.
const REPLACED = {
  [path.join(...GOOGLE.split("/"), "lib", "index.js")]: onFirstUse,
  [path.join(CORE, "lib", "private", "fs.js")]: without("archiver"),
  [path.join(CORE, "lib", "validations", "validate-binary-version.js")]: without("semver"),
  [path.join(CORE, "lib", "terraform-stack.js")]: withoutPreparing,
  [path.join("bin", "jsii-runtime.js")]: inThisProcess,
  [PROGRAM]: readingLess,
};
module.exports = { REPLACED, digestFile, partsOf };
const STACK_TRACE = path.join(CORE, "lib", "tokens", "private", "stack-trace.js");

Module._extensions[".js"] = function (module, filename) {
  const end = Object.keys(REPLACED).find((one) => filename.endsWith(path.sep + one));
  const read = fs.readFileSync(filename, "utf8");
  const source = (end && REPLACED[end](read)) ?? read;
  if (CACHE && end === PROGRAM) {
    keepCompiled(module, source);
  } else {
    // Not by the link to it: jsii has those in a folder of another name each time.
    module._compile(source, fs.realpathSync.native(filename));
  }
  if (filename.endsWith(STACK_TRACE) && module.exports.captureStackTrace) {
    module.exports.captureStackTrace = () => [];
  }
};

// From jsii's program on, Node keeps what it has compiled, by the names of files. That of the program
// is another each time, as Python unpacks it into a temporary folder.
function keepCompiled(program, source) {
  Module.enableCompileCache?.(path.join(CACHE, "compiled")); // Node before 22.8 has none.
  program._compile(source.replaceAll("__dirname", "module.path"), path.join(CACHE, "program.js"));
}

// The provider's index.js with a getter for each module.
function onFirstUse(source) {
  const exported = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/gm;
  const placeholder = /^exports\.\w+ = (?:exports\.\w+ = )*void 0;$/gm;
  const requires = source.match(/\brequire\(/g) ?? [];
  const expected = source.match(exported) ?? [];
  if (expected.length === 0 || expected.length !== requires.length) {
    return undefined;
  }
  return source
    .replace(placeholder, "")
    .replace(
      exported,
      'Object.defineProperty(exports, "$1", { enumerable: true, get: () => require("$2") });',
    );
}

// A file of the CDK's, in which something stands for a module that is not asked for here.
function without(name) {
  const required = new RegExp(`^const (\\w+) = require\\("${name}"\\);$`, "m");
  const later =
    `const $1 = new Proxy(function () {}, { get: (_, key) => require("${name}")[key], ` +
    `apply: (_, self, given) => Reflect.apply(require("${name}"), self, given) });`;
  return (source) => (required.test(source) ? source.replace(required, later) : undefined);
}

// cdktf's stack, which resolves all of itself once more before it is written: that would find what one
// stack refers to in another, and ours are an environment each, with nothing in common.
function withoutPreparing(source) {
  const prepares =
    /^ *terraformElements\(this\)\.forEach\(\(e\) => \(0, _tokens_1\.resolve\)\(this, e\.toTerraform\(\), true\)\);$/m;
  return prepares.test(source) ? source.replace(prepares, "") : undefined;
}

// jsii's program. Before it takes a package from its cache it reads all of it for a digest, and the
// first type that it is asked for has it read those of all 1,470 resources.
function readingLess(source) {
  const digest =
    /\bdigestFile=function digestFile\((\w+),\.\.\.(\w+)\)\{return readFileChunks\(\1,\(\)=>\{\},\.\.\.\2\)\}/;
  const types = /(\?\w+:)\(0,\w+\.readFileSync\)\((\w+\(this,\w+,"f"\))\)(?=,"f"\),\w+=\w+\(this,\w+,"f"\)\.readUInt32LE)/;
  const ours = `require(${JSON.stringify(__filename)})`;
  return digest.test(source) && types.test(source)
    ? source
        .replace(digest, () => `digestFile=${ours}.digestFile`)
        .replace(types, (_, before, file) => `${before}${ours}.partsOf(${file})`)
    : undefined;
}

// The digest of a file, which is remembered for as long as nobody writes to the file.
function digestFile(file, ...comments) {
  const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(file, { bigint: true });
  const known = [file, dev, ino, size, mtimeNs, ctimeNs, ...comments].map(String);
  const folder = CACHE && path.join(CACHE, "digests");
  const kept = folder && path.join(folder, hash(JSON.stringify(known)).toString("hex"));
  try {
    const digest = fs.readFileSync(kept);
    if (digest.length === 32) {
      return digest;
    }
  } catch {} // It is not known yet, or nothing is kept.
  const digest = hash(fs.readFileSync(file), ...comments.flatMap((comment) => ["\0", comment]));
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${kept}.${process.pid}`, digest);
    fs.renameSync(`${kept}.${process.pid}`, kept);
  } catch {} // Then it is computed again the next time.
  return digest;
}

function hash(...parts) {
  const sha256 = crypto.createHash("sha256");
  parts.forEach((part) => sha256.update(part));
  return sha256.digest();
}

// What jsii has of a file that it takes texts from, without having read it.
function partsOf(file) {
  const opened = fs.openSync(file, "r");
  return {
    toString(encoding, start, end) {
      const part = Buffer.allocUnsafe(end - start);
      const size = fs.readSync(opened, part, 0, part.length, start);
      return part.toString(encoding, 0, size);
    },
  };
}

// jsii's entry: it starts a second Node, and hands on each message between that and Python. The
// program that it would start there is run here instead, which reads and writes file descriptor 3.
function inThisProcess(source) {
  const program = '(__dirname,"..","lib","program.js")';
  if (process.platform === "win32" || !source.includes(program) || !source.includes(".pipe(process.stdout)")) {
    return undefined;
  }
  // Node has it from NODE_OPTIONS; the program looks here, and else copies packages file by file.
  process.execArgv.push("--preserve-symlinks");
  const { readSync, writeSync } = fs;
  try {
    fs.fstatSync(3);
  } catch {
    fs.openSync(os.devNull); // No file may get that number.
  }
  fs.readSync = (fd, ...rest) => readSync(fd === 3 ? 0 : fd, ...rest);
  fs.writeSync = (fd, ...rest) => writeSync(fd === 3 ? 1 : fd, ...rest);
  for (const name of ["stdout", "stderr"]) {
    // As jsii's entry does: Python tells by it what was printed from what was answered.
    const write = (chunk, _, done) => {
      writeSync(2, `${JSON.stringify({ [name]: Buffer.from(chunk).toString("base64") })}\n`);
      done();
    };
    Object.defineProperty(process, name, { value: new Writable({ write }) });
  }
  return 'require("../lib/program.js");';
}
