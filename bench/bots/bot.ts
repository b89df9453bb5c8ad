/**
 * A bot with one of the engines, as a process of its own: `/play` and `/seek` come over Discord, what only the
 * benchmark needs comes over the channel to the process that started it.
 */
import { type ChatInputCommandInteraction, Client, GatewayIntentBits, SlashCommandBuilder } from "discord.js";
import type { CreateEngine, Engine } from "./engine.ts";
import type { Answer, Ask, Question, WatchFacts } from "./protocol.ts";
import { SendWatch } from "./send-watch.ts";

const { DISCORD_API_URL: api = "", DISCORD_TOKEN: token = "", ENGINE: engineFile = "" } = process.env;
const MAX_LISTENERS = 1_000;

const watch = new SendWatch();
const client = new Client({
  rest: { api },
  // More than a hundred joins a minute are only taken by several shards, which need not wait for each other here.
  shards: "auto",
  ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
});
client.setMaxListeners(MAX_LISTENERS);

const commands = [
  new SlashCommandBuilder()
    .setName("play")
    .setDescription("Plays a file or an address")
    .addStringOption((option) => option.setName("query").setDescription("What").setRequired(true)),
  new SlashCommandBuilder()
    .setName("seek")
    .setDescription("Goes to a position")
    .addStringOption((option) => option.setName("to").setDescription("Seconds").setRequired(true)),
].map((command) => command.toJSON());

async function slash(interaction: ChatInputCommandInteraction<"cached">, engine: Engine): Promise<void> {
  const room = { guildId: interaction.guildId, channelId: interaction.member.voice.channelId! };
  // The best order for the first sound: play first, the answer goes out meanwhile.
  const done =
    interaction.commandName === "play"
      ? engine.play(room, interaction.options.getString("query", true))
      : engine.seek!(room, Number(interaction.options.getString("to", true)) * 1_000);
  await interaction.reply("At once.");
  await done;
}

let began = { atMs: 0, cpu: process.cpuUsage() };

async function answer(ask: Ask, engine: Engine): Promise<WatchFacts | undefined> {
  switch (ask.what) {
    case "play":
      await Promise.all(ask.rooms.map((room) => engine.play(room, ask.source)));
      return undefined;
    case "queue":
      await engine.queue(ask.room, ask.sources);
      return undefined;
    case "stop":
      await Promise.all(ask.rooms.map((room) => engine.stop(room)));
      return undefined;
    case "leave":
      await engine.leave(ask.room);
      return undefined;
    case "watch":
      await watch.begin();
      began = { atMs: performance.now(), cpu: process.cpuUsage() };
      return undefined;
    case "unwatch":
      return await usage();
  }
}

function reply(message: Answer): void {
  process.send?.(message);
}

async function usage(): Promise<WatchFacts> {
  const cpu = process.cpuUsage(began.cpu);
  const elapsedMs = performance.now() - began.atMs;
  const rssBytes = process.memoryUsage.rss();
  const facts = await watch.end();
  return { ...facts, elapsedMs, cpuMs: (cpu.user + cpu.system) / 1_000 - facts.controlCpuMs, rssBytes };
}

async function main(): Promise<void> {
  const loaded = (await import(`./engines/${engineFile}`)) as { createEngine: CreateEngine };
  const engine = await loaded.createEngine(client);
  client.on("error", complain);
  process.on("unhandledRejection", complain);
  client.on("interactionCreate", (interaction) => {
    if (interaction.isChatInputCommand() && interaction.inCachedGuild())
      slash(interaction, engine).catch(complain);
  });
  process.on("message", ({ id, ask }: Question) => {
    answer(ask, engine).then(
      (facts) => reply(facts ? { id, facts } : { id }),
      (error: unknown) => reply({ id, error: String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  client.once("clientReady", () => {
    void client.application!.commands.set(commands).then(() => reply({ id: 0 }));
  });
  await client.login(token);
}

function complain(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

await main();
