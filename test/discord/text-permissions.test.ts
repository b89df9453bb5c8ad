import { type Guild, PermissionFlagsBits, PermissionsBitField } from "discord.js";
import { describe, expect, it } from "vitest";
import { mayTidy, textRefusal } from "../../src/discord/text-permissions.ts";

const { ViewChannel, SendMessages, ReadMessageHistory, ManageMessages } = PermissionFlagsBits;

/** A guild with the channel 7, in which the bot may so much. */
function guild(...bits: bigint[]): Guild {
  const channel = { permissionsFor: () => new PermissionsBitField(bits) };
  return {
    members: { me: {} },
    channels: { cache: new Map([["7", channel]]) },
  } as unknown as Guild;
}

describe("writing in a channel", () => {
  it("takes three rights, and those that are missing are named", () => {
    expect(textRefusal(guild(ViewChannel, SendMessages, ReadMessageHistory), "7")).toBeUndefined();
    expect(textRefusal(guild(ViewChannel), "7")?.message).toBe(
      "I may not write in <#7>. Someone with Manage Channel can give me **Send Messages** and **Read Message History** there.",
    );
  });

  it("is impossible where there is no such channel or guild", () => {
    const all = guild(ViewChannel, SendMessages, ReadMessageHistory);
    expect(textRefusal(all, "8")?.code).toBe("CHANNEL_NO_PERMISSION");
    expect(textRefusal(undefined, "7")?.message).toContain("**View Channel**, **Send Messages**");
  });
});

it("what others write can be deleted with one right more", () => {
  expect(mayTidy(guild(SendMessages, ManageMessages), "7")).toBe(true);
  expect(mayTidy(guild(SendMessages), "7")).toBe(false);
  expect(mayTidy(guild(ManageMessages), "8")).toBe(false);
  expect(mayTidy(undefined, "7")).toBe(false);
});
