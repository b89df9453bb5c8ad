import { expect, test } from "vitest";
import { Breaker } from "../../src/sources/breaker.ts";

test("three failures in a row give a minute of rest, then one call tries", () => {
  let nowMs = 0;
  const breaker = new Breaker({ nowMs: () => 0, monotonicMs: () => nowMs });
  const fail = (): void => {
    expect(breaker.mayAsk()).toBe(true);
    breaker.failed();
  };
  fail();
  fail();
  breaker.answered();
  fail();
  fail();
  fail();
  expect(breaker.mayAsk()).toBe(false);
  nowMs = 59_999;
  expect(breaker.mayAsk()).toBe(false);
  nowMs = 60_000;
  expect(breaker.mayAsk()).toBe(true);
  expect(breaker.mayAsk()).toBe(false);
  breaker.answered();
  expect(breaker.mayAsk()).toBe(true);
});
