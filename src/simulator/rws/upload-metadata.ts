import * as z from 'zod';

const mediaFileSchema = z.looseObject({
  mediaId: z.string(),
  startTime: z.string(),
  stopTime: z.string(),
  duration: z.string().regex(/^\d+$/, 'milliseconds as a string'),
  size: z.string().regex(/^\d+$/, 'bytes as a string'),
  type: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  parameters: z.looseObject({ contact: z.object({ userName: z.string() }) }),
});

const metadataSchema = z.looseObject({
  id: z.string(),
  startTime: z.string(),
  stopTime: z.string(),
  eventHistory: z.array(z.looseObject({ time: z.string(), event: z.string() })),
  mediaFiles: z.tuple([mediaFileSchema]),
});
export type ReceivedMetadata = z.output<typeof metadataSchema>;

/**
 * Reads the metadata (rws.md, *Upload*), and takes the suffix off the media id. Gives what is wrong with it as a string.
 * @param suffix what the media id has to end in
 */
export function parseMetadata(text: string, suffix: string): ReceivedMetadata | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'metadata is no JSON';
  }
  const metadata = metadataSchema.safeParse(json);
  if (metadata.success) {
    const [file] = metadata.data.mediaFiles;
    const mediaId = withoutSuffix(file.mediaId, suffix);
    return mediaId === undefined
      ? `metadata.mediaFiles.0.mediaId: has to end in ${suffix}`
      : { ...metadata.data, mediaFiles: [{ ...file, mediaId }] };
  }
  const issue = metadata.error.issues[0];
  return `metadata.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
}

/** `undefined` when it does not end in it. */
export function withoutSuffix(mediaId: string, suffix: string): string | undefined {
  return mediaId.endsWith(suffix) ? mediaId.slice(0, mediaId.length - suffix.length) : undefined;
}
