import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** A member of a test archive, with what it pretends to be. */
export interface ArchiveMember {
  name: string;
  content: Uint8Array | string;
  /** Whether it is deflated, not stored. @default {false} */
  deflated?: boolean;
  /** Size in bytes that it claims. @default {that of the content} */
  claims?: number;
  /** Unix file mode with type, e.g. 0o120777 for a symbolic link. @default {0o100644} */
  mode?: number;
  /** Whether it starts at the first member's offset, not after the member before. @default {false} */
  overlaps?: boolean;
}

/** A zip archive (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16), damaged as its members ask. */
export function archiveOf(members: readonly ArchiveMember[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let end = 0;
  for (const { name, content, deflated, claims, mode = 0o100644, overlaps } of members) {
    const [nameBytes, plain] = [Buffer.from(name), Buffer.from(content as Uint8Array)];
    const data = deflated ? deflateRawSync(plain) : plain;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(0x800, 2); // names are UTF-8
    shared.writeUInt16LE(deflated ? 8 : 0, 4);
    shared.writeUInt32LE(crc32(plain), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(claims ?? plain.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6); // after comment length, disk, internal attributes
    rest.writeUInt32LE(overlaps ? 0 : end, 10);
    const madeBy = Buffer.from([20, 3]); // Unix
    central.push(Buffer.concat([Buffer.from("PK\x01\x02"), madeBy, shared, rest, nameBytes]));
    if (overlaps) continue;
    locals.push(Buffer.concat([Buffer.from("PK\x03\x04"), shared, nameBytes, data]));
    end += locals.at(-1)!.length;
  }
  const directory = Buffer.concat(central);
  const record = Buffer.alloc(22);
  record.write("PK\x05\x06", "latin1");
  record.writeUInt16LE(members.length, 8);
  record.writeUInt16LE(members.length, 10);
  record.writeUInt32LE(directory.length, 12);
  record.writeUInt32LE(end, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, record]));
}
