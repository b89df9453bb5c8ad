/** A process that counts up in a database, reading first and then writing: `node counting-process.ts FILE ROUNDS`. */
import { openDatabase, writeTransaction } from "../../src/db/open.ts";
import { Settings } from "../../src/db/settings.ts";

const [file = "", rounds = "0"] = process.argv.slice(2);
const { db } = await openDatabase(file);
for (let round = 0; round < Number(rounds); round += 1) {
  await writeTransaction(db, async (transaction) => {
    const settings = new Settings(transaction);
    const count = Number((await settings.get("count")) ?? 0);
    await settings.set("count", String(count + 1));
  });
}
await db.destroy();
