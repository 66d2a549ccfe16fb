// Runs in the program's process before the SDK (`node --require`). Each file says what it is for. In the threads of the program, and in
// processes that inherit its flags, only the network's guard is wanted.
"use strict";
const { isProgram } = require("./tell.cjs");
require("./network.cjs");
if (isProgram) {
  // The shell that starts it (`withoutCoreFiles` in `../child.ts`) adds these.
  for (const name of ["PWD", "OLDPWD", "SHLVL", "_"]) delete process.env[name];
  require("./answers.cjs");
  require("./errors.cjs");
  require("./endings.cjs");
  require("./open.cjs");
  require("./sdk.cjs");
}
