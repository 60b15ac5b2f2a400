// Makes the CDK start and work faster, as fast_start.py explains. What is not of the expected form
// is loaded as ever. It also has Node outlive a Ctrl-C, which reaches every process of a terminal:
// Node ends when Python does, and then removes its temporary folder.
"use strict";

const fs = require("fs");
const Module = require("module");
const os = require("os");
const path = require("path");
const { Writable } = require("stream");

const { PIPELINE_ZEN_NODE_CORE: CORE, PIPELINE_ZEN_NODE_GOOGLE: GOOGLE } = process.env;

// jsii's own listeners would end it, so they are not let in.
const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"];
SIGNALS.forEach((signal) => process.on(signal, () => {}));
const on = process.on;
process.on = function (event, listener) {
  return SIGNALS.includes(event) ? this : on.call(this, event, listener);
};

// By the end of a file's path, what is loaded in its place; undefined where it is as it should be.
const REPLACED = {
  [path.join(...GOOGLE.split("/"), "lib", "index.js")]: onFirstUse,
  [path.join(CORE, "lib", "private", "fs.js")]: without("archiver"),
  [path.join(CORE, "lib", "validations", "validate-binary-version.js")]: without("semver"),
  [path.join(CORE, "lib", "terraform-stack.js")]: withoutPreparing,
  [path.join("bin", "jsii-runtime.js")]: inThisProcess,
  [path.join("lib", "program.js")]: withOneBuffer,
};
module.exports = { REPLACED, digestFile };
const STACK_TRACE = path.join(CORE, "lib", "tokens", "private", "stack-trace.js");

const load = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename) {
  const end = Object.keys(REPLACED).find((one) => filename.endsWith(path.sep + one));
  const source = end && REPLACED[end](fs.readFileSync(filename, "utf8"));
  if (source === undefined) {
    load(module, filename);
  } else {
    module._compile(source, filename);
  }
  if (filename.endsWith(STACK_TRACE) && module.exports.captureStackTrace) {
    module.exports.captureStackTrace = () => [];
  }
};

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

// jsii's program: before it takes a package from its cache it reads all of it for a digest, with a new
// buffer for every 16 KB, which takes thrice as long as with one.
function withOneBuffer(source) {
  const digest =
    /\bdigestFile=function digestFile\((\w+),\.\.\.(\w+)\)\{return readFileChunks\(\1,\(\)=>\{\},\.\.\.\2\)\}/;
  return digest.test(source) ? source.replace(digest, `digestFile=${digestFile}`) : undefined;
}

function digestFile(file, ...comments) {
  const fs = require("fs");
  const hash = require("crypto").createHash("sha256");
  const buffer = Buffer.allocUnsafeSlow(262144);
  const opened = fs.openSync(file, "r");
  try {
    for (let size; (size = fs.readSync(opened, buffer)) > 0; ) {
      hash.update(buffer.subarray(0, size));
    }
  } finally {
    fs.closeSync(opened);
  }
  comments.forEach((comment) => hash.update("\0").update(comment));
  return hash.digest();
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
