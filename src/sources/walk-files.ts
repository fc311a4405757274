// Lists the files under a folder, deepest included, in a stable order.
import { type FileStore, joinPath } from "../shared/byte-source.ts";

/** Endings of files that data folders hold: names with them are no folders and need no look at the disk. */
const FILE_NAME = /\.(hea|dat|mat|csv|tsv|txt|npy|json|atr|md|zip|gz|pdf|png|jpg|py|m|html|xyz)$/i;

/**
 * Paths of all files below `folder` whose name `keep` accepts, folder by folder, names sorted.
 *
 * Folders whose name begins with a dot are left out.
 * @throws EcgError NOT_FOUND when `folder` is no folder.
 */
export async function walkFiles(
  store: FileStore,
  folder: string,
  keep: (name: string) => boolean,
): Promise<string[]> {
  const files: string[] = [];
  for (const name of await store.list(folder)) {
    const path = joinPath(folder, name);
    const isFile = keep(name) || FILE_NAME.test(name);
    if (isFile && keep(name)) files.push(path);
    else if (!isFile && !name.startsWith(".") && (await store.isDirectory(path))) {
      files.push(...(await walkFiles(store, path, keep)));
    }
  }
  return files;
}

/** Paths of the folders directly inside `folder`, sorted, hidden ones left out. */
export async function listFolders(store: FileStore, folder: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await store.list(folder)) {
    if (name.startsWith(".") || FILE_NAME.test(name)) continue;
    const path = joinPath(folder, name);
    if (await store.isDirectory(path)) folders.push(path);
  }
  return folders;
}
