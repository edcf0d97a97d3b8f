import type { Change, SettingStore } from "@junctor/core";
import { arrangeSettings, type CallerSettings } from "./workspace-settings.ts";

/** Keeps the settings of callers warm: they are few, and every call of a widget needs them. */
export interface SettingRing {
  /** Warm settings; undefined when they must be loaded. */
  peek(): CallerSettings | undefined;
  load(): Promise<CallerSettings>;
  /** Drops them when the change feed says that one changed. */
  invalidate(change: Change): void;
}

/** Makes the ring. Loads that start together share one read; a change that arrives meanwhile makes it stale. */
export function createSettingRing(settings: Pick<SettingStore, "listEverywhere">): SettingRing {
  let warm: CallerSettings | undefined;
  let loading: Promise<CallerSettings> | undefined;
  let generation = 0;

  const read = async (): Promise<CallerSettings> => {
    const startedIn = generation;
    const kinds = ["issuer", "policy", "cors"] as const;
    const records = await Promise.all(kinds.map((kind) => settings.listEverywhere(kind)));
    const arranged = arrangeSettings(records.flat());
    if (startedIn === generation) warm = arranged;
    return arranged;
  };

  return {
    peek: () => warm,
    load() {
      if (warm !== undefined) return Promise.resolve(warm);
      loading ??= read().finally(() => {
        loading = undefined;
      });
      return loading;
    },
    invalidate({ kind }) {
      if (kind !== "setting" && kind !== "workspace" && kind !== "everything") return;
      generation += 1;
      warm = undefined;
      loading = undefined;
    },
  };
}
