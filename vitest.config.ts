import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Real processes, sockets and encoders run here, on machines as small as two cores.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // No test may reach the network of the machine: everything is on 127.0.0.1.
    restoreMocks: true,
  },
});
