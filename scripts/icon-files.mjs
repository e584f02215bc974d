// Writes pictures into the containers Windows and macOS want.

const ICNS_TYPES = { 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' };

/** `.ico`: bitmaps, since not every reader takes PNG below 256 px. @param pictures `{size, png, rgba}` */
export function toIco(pictures) {
  const entries = pictures.map((picture) => ({ size: picture.size, bytes: picture.size >= 256 ? picture.png : toBitmap(picture) }));
  const header = Buffer.alloc(6 + 16 * entries.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(entries.length, 4);
  let offset = header.length;
  entries.forEach(({ size, bytes }, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size % 256, at); // 0 means 256
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(bytes.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([header, ...entries.map(({ bytes }) => bytes)]);
}

/** A device-independent bitmap, bottom row first, BGRA, with an empty mask: the alpha channel counts. */
function toBitmap({ size, rgba }) {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(size * 2, 8); // picture and mask
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const to = ((size - 1 - y) * size + x) * 4;
      [pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]] = [rgba[from + 2], rgba[from + 1], rgba[from], rgba[from + 3]];
    }
  }
  return Buffer.concat([header, pixels, Buffer.alloc(Math.ceil(size / 32) * 4 * size)]);
}

/** `.icns`: PNG in every entry. */
export function toIcns(pictures) {
  const entries = pictures.map(({ size, png }) => {
    const header = Buffer.alloc(8);
    header.write(ICNS_TYPES[size], 0, 'latin1');
    header.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([header, png]);
  });
  const body = Buffer.concat(entries);
  const header = Buffer.alloc(8);
  header.write('icns', 0, 'latin1');
  header.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([header, body]);
}
