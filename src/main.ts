import { enableCompileCache } from "node:module";

// Before anything else is loaded: with it, running the sources starts as fast as running a build.
enableCompileCache();
const { run } = await import("./app/run.ts");
process.exit(await run());
