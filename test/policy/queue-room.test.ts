import { expect, it } from "vitest";
import { type QueueAsked, queueRoom } from "../../src/policy/queue-room.ts";

const room = (asked: Partial<Omit<QueueAsked, "theirs">> & { readonly theirs?: number }): unknown =>
  queueRoom({ waiting: 0, queueCap: 10, personCap: 0, ...asked, theirs: () => asked.theirs ?? 0 });

const QUEUE = { code: "QUEUE_FULL", cap: 10 };
const PERSON = { code: "PERSON_QUEUE_FULL", cap: 3 };

it.each([
  [{ waiting: 0 }, { count: 10, full: QUEUE }],
  [
    { waiting: 4, theirs: 4 },
    { count: 6, full: QUEUE },
  ],
  [{ waiting: 10 }, { count: 0, full: QUEUE }],
  [
    { waiting: 4, theirs: 1, personCap: 3 },
    { count: 2, full: PERSON },
  ],
  [
    { waiting: 4, theirs: 3, personCap: 3 },
    { count: 0, full: PERSON },
  ],
  [
    { waiting: 9, theirs: 0, personCap: 3 },
    { count: 1, full: QUEUE },
  ],
])("with %o there is room for %o", (asked, expected) => {
  expect(room(asked)).toEqual(expected);
});

it("is no room, and not less than that, when a limit has become smaller", () => {
  expect(room({ waiting: 12 })).toMatchObject({ count: 0 });
  expect(room({ waiting: 5, theirs: 5, personCap: 3 })).toMatchObject({ count: 0 });
});
