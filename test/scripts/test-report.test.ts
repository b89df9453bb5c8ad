import { expect, test } from "vitest";
import { countTests } from "../../scripts/test-report.ts";

const file = (status: string, ...statuses: string[]): unknown => ({
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
});

test("passed and failed tests are counted, skipped ones are not", () => {
  const testResults = [
    file("passed", "passed", "skipped", "passed"),
    file("failed", "passed", "failed", "failed"),
  ];
  expect(countTests(JSON.stringify({ testResults }))).toEqual({ passed: 3, failed: 2 });
});

test("a file that could not be loaded counts as one failure", () => {
  expect(countTests(JSON.stringify({ testResults: [file("failed"), file("passed", "passed")] }))).toEqual({
    passed: 1,
    failed: 1,
  });
});

test("no report counts as nothing", () => {
  expect(countTests("")).toEqual({ passed: 0, failed: 0 });
});
