/** What a service answers on D-Bus (D-Bus Specification, *Message Format*), little-endian; texts hold one byte a character. */

export function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
}

/** A string as it lies in a message. */
export function sized(text: string): string {
  return `${uint32(text.length)}${text}\0`;
}

export function busReply(toSerial: number, signature: string, body: string): Buffer {
  return message(2, `${replySerial(toSerial)}\x08\x01g\0\x01${signature}\0`, body);
}

export function busError(toSerial: number, name: string): Buffer {
  return message(3, `${replySerial(toSerial)}\x04\x01s\0${sized(name)}`, '');
}

function replySerial(serial: number): string {
  return `\x05\x01u\0${uint32(serial)}`;
}

function message(type: number, fields: string, body: string): Buffer {
  const padding = '\0'.repeat((8 - (fields.length % 8)) % 8);
  const head = `l${String.fromCharCode(type)}\x01\x01${uint32(body.length)}${uint32(1)}${uint32(fields.length)}`;
  return Buffer.from(`${head}${fields}${padding}${body}`, 'latin1');
}
