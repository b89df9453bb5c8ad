/** Folder of the whole project. */
export declare const ROOT: string;

/** The script that is the bot. */
export declare const BOT: string;

/** What Node is told about a script, by its absolute path. */
export declare function flagsFor(script: string): readonly string[];
