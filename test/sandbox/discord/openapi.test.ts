import { describe, expect, test } from "vitest";
import { OpenApiCheck } from "./openapi.ts";

const SEND = "POST /channels/{channel_id}/messages";
const COMMANDS = "PUT /applications/{application_id}/commands";
const CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback";
const openApi = OpenApiCheck.shared();

describe("OpenApiCheck", () => {
  test.each<[string, string, unknown]>([
    ["a plain message", SEND, { content: "Hi", allowed_mentions: { parse: [], replied_user: false } }],
    [
      "a container with a button",
      SEND,
      {
        flags: 1 << 15,
        components: [
          {
            type: 17,
            components: [
              { type: 10, content: "Hi" },
              { type: 1, components: [{ type: 2, style: 1, label: "Go", custom_id: "go" }] },
            ],
          },
        ],
      },
    ],
    [
      "permission bits as text, as Discord's reference writes them",
      COMMANDS,
      [{ name: "clear", description: "x", default_member_permissions: "8" }],
    ],
    ["a deferred answer", CALLBACK, { type: 5, data: { flags: 64 } }],
  ])("takes %s", (_what, operation, body) => {
    expect(openApi.problems(operation, body)).toEqual([]);
  });

  test.each<[string, string, unknown, RegExp]>([
    ["content that is a number", SEND, { content: 5 }, /\/content: must be/u],
    [
      "a custom id of 101 characters",
      SEND,
      {
        components: [
          { type: 1, components: [{ type: 2, style: 1, label: "Go", custom_id: "x".repeat(101) }] },
        ],
      },
      /custom_id: must NOT have more than 100/u,
    ],
    [
      "a label of 81 characters",
      SEND,
      {
        components: [{ type: 1, components: [{ type: 2, style: 1, label: "x".repeat(81), custom_id: "x" }] }],
      },
      /label: must NOT have more than 80/u,
    ],
    ["an unknown kind of component", SEND, { components: [{ type: 99 }] }, /components/u],
    ["a command without a name", COMMANDS, [{ description: "x" }], /name/u],
    [
      "permission bits that are no number",
      COMMANDS,
      [{ name: "clear", description: "x", default_member_permissions: "admin" }],
      /default_member_permissions/u,
    ],
    [
      "a form without a title",
      CALLBACK,
      { type: 9, data: { custom_id: "a", components: [{ type: 10, content: "x" }] } },
      /title/u,
    ],
    ["an answer of a type that does not exist", CALLBACK, { type: 44 }, /./u],
    ["no body where one is needed", SEND, undefined, /needs a body/u],
  ])("refuses %s and says where", (_what, operation, body, problem) => {
    expect(openApi.problems(operation, body).join("\n")).toMatch(problem);
  });
});
