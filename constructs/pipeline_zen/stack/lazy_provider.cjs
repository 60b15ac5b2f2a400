// Makes the CDK start and work faster, as fast_start.py explains. What is not of the expected form
// is loaded as ever. It also has Node outlive a Ctrl-C, which reaches every process of a terminal:
// Node ends when Python does, and then removes its temporary folder.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const { PIPELINE_ZEN_NODE_CORE: CORE, PIPELINE_ZEN_NODE_GOOGLE: GOOGLE } = process.env;
const INDEX = path.join(...GOOGLE.split("/"), "lib", "index.js");
const EXPORT = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/gm;
const PLACEHOLDER = /^exports\.\w+ = (?:exports\.\w+ = )*void 0;$/gm;
const STACK_TRACE = path.join(CORE, "lib", "tokens", "private", "stack-trace.js");

// jsii's own listeners would end it, so they are not let in.
const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"];
SIGNALS.forEach((signal) => process.on(signal, () => {}));
const on = process.on;
process.on = function (event, listener) {
  return SIGNALS.includes(event) ? this : on.call(this, event, listener);
};

const load = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename) {
  const source = filename.endsWith(INDEX) ? lazy(fs.readFileSync(filename, "utf8")) : undefined;
  if (source === undefined) {
    load(module, filename);
  } else {
    module._compile(source, filename);
  }
  if (filename.endsWith(STACK_TRACE) && module.exports.captureStackTrace) {
    module.exports.captureStackTrace = () => [];
  }
};

// index.js with a getter for each module, or undefined where it is not all of one form.
function lazy(source) {
  const requires = source.match(/\brequire\(/g) ?? [];
  const exported = source.match(EXPORT) ?? [];
  if (exported.length === 0 || exported.length !== requires.length) {
    return undefined;
  }
  return source
    .replace(PLACEHOLDER, "")
    .replace(
      EXPORT,
      'Object.defineProperty(exports, "$1", { enumerable: true, get: () => require("$2") });',
    );
}
