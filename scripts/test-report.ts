/** Counts what a run of vitest's JSON reporter says. */

interface Report {
  readonly testResults?: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A file that could not even be loaded holds no tests; it counts as one that failed. No report counts as none. */
export function countTests(json: string): { readonly passed: number; readonly failed: number } {
  let passed = 0;
  let failed = 0;
  const report: Report = json === "" ? {} : (JSON.parse(json) as Report);
  for (const file of report.testResults ?? []) {
    const statuses = file.assertionResults.map(({ status }) => status);
    passed += statuses.filter((status) => status === "passed").length;
    const failures = statuses.filter((status) => status === "failed").length;
    failed += failures === 0 && file.status === "failed" ? 1 : failures;
  }
  return { passed, failed };
}
