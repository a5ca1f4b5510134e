import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** What one entry of a test archive is. */
export interface ZipEntry {
  name: string;
  content: string;
  /** Unix file mode with its type, e.g. 0o120777 for a symbolic link. */
  mode?: number;
}

/** A zip archive of uncompressed entries (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16). */
export function zipOf(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644 } of entries) {
    const [nameBytes, bytes] = [Buffer.from(name), Buffer.from(content)];
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(0x800, 2); // names are UTF-8
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(bytes.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, nameBytes, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6); // after comment length, disk, internal attributes
    rest.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([20, 3]); // Unix
    central.push(Buffer.concat([Buffer.from("PK\x01\x02"), madeBy, shared, rest, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
}
