/** An owner and a name, as the hub has them: no path could be written that way by mistake. */
const HUB_ID = /^[A-Za-z0-9](?:[\w.-]*[\w-])?\/[A-Za-z0-9](?:[\w.-]*[\w-])?$/;

/** Whether a text may be the id of a repository of models, such as `jhu-clsp/mmBERT-base`. */
export function isHubId(text: string): boolean {
  return HUB_ID.test(text) && !text.includes('--') && !text.includes('..') && text.length <= 96;
}

/** What an encoder is called by: its id, or the part after the owner. */
export interface Named {
  readonly id: string;
}

/** The part after the owner. */
export function shortName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The encoders that a name fits: by the whole id, else by what follows the owner; the case does not matter. */
export function findByName<T extends Named>(encoders: readonly T[], name: string): T[] {
  const asked = name.toLowerCase();
  const whole = encoders.filter(({ id }) => id.toLowerCase() === asked);
  return whole.length > 0 ? whole : encoders.filter(({ id }) => shortName(id).toLowerCase() === asked);
}
