/** User names are the same in any case, as directories take them; RWS gives them as they were typed, or as its directory spells them. */
export function isSameUserName(one: string, other: string): boolean {
  return foldUserName(one) === foldUserName(other);
}

/** The one spelling in which user names are compared. */
export function foldUserName(userName: string): string {
  return userName.normalize('NFC').toLowerCase();
}

/** A GUID, or a call's UUID of 32 letters and digits. */
const UUID = /^\{?[0-9a-z]{8}-?(?:[0-9a-z]{4}-?){3}[0-9a-z]{12}\}?$/i;

/** GUIDs come in mixed case (rws.md, *Recording triggers*); other ids are compared as they are. */
export function isSameRecordingId(one: string, other: string): boolean {
  return one === other || (UUID.test(one) && one.toLowerCase() === other.toLowerCase());
}
