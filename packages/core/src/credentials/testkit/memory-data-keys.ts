import type { DataKeyRecord, DataKeyStore } from "../../ports/stores.ts";

/** A data-key store in memory that counts its reads, for tests of what is cached. */
export function createMemoryDataKeys(): DataKeyStore & { readonly rows: DataKeyRecord[]; reads: number } {
  const rows: DataKeyRecord[] = [];
  const find = (test: (row: DataKeyRecord) => boolean): DataKeyRecord | undefined => rows.find(test);
  const replace = (old: DataKeyRecord, change: Partial<DataKeyRecord>): void => {
    rows[rows.indexOf(old)] = { ...old, ...change };
  };
  return {
    rows,
    reads: 0,
    async createCurrent(record) {
      const current = find((row) => row.workspaceId === record.workspaceId && row.retiredAt === null);
      if (current === undefined) rows.push(record);
      return current ?? record;
    },
    async current(workspaceId) {
      this.reads += 1;
      return find((row) => row.workspaceId === workspaceId && row.retiredAt === null);
    },
    async get(workspaceId, id) {
      this.reads += 1;
      return find((row) => row.workspaceId === workspaceId && row.id === id);
    },
    list: async () => [...rows],
    async rewrap(workspaceId, id, wrapped, masterKeyId) {
      const row = find((candidate) => candidate.workspaceId === workspaceId && candidate.id === id);
      if (row !== undefined) replace(row, { wrapped, masterKeyId });
    },
    async rotate(record) {
      const current = find((row) => row.workspaceId === record.workspaceId && row.retiredAt === null);
      if (current !== undefined) replace(current, { retiredAt: record.createdAt });
      rows.push(record);
    },
  };
}
