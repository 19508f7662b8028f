/** The date of a new release, ISO 8601: SOURCE_DATE_EPOCH (seconds) where it is set, else now. */
export function creationDate(): string {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  const date = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000) : new Date();
  return date.toISOString();
}
