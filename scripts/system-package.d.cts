/** True when packages of the system can be installed here without asking anybody. */
export function canInstall(): Promise<boolean>;

/** Installs one package. False when it failed. */
export function install(name: string): Promise<boolean>;
