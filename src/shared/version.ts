/**
 * The version as `GET /version` and the state reports give it: `8.5.zyy.xx` from the package version z.yy.xx,
 * two digits each (local-api.md, *Endpoints*): `1.2.3` -> `8.5.102.03`.
 */
export function toServiceVersion(packageVersion: string): string {
  const [major = 0, minor = 0, patch = 0] = packageVersion.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const twoDigits = (part: number): string => String(part).padStart(2, '0');
  return `8.5.${major}${twoDigits(minor)}.${twoDigits(patch)}`;
}
