export const DEVICE_GRADES = ['poor', 'acceptable', 'good', 'excellent'] as const;
/** How well a device runs a model, the worst first. */
export type DeviceGrade = (typeof DEVICE_GRADES)[number];

/** What a grade is of. */
export interface DeviceFigures {
  /** Time between two tokens of an answer. */
  readonly msPerToken: number;
  /** Memory of the device, in units of 2^30 bytes. */
  readonly memoryGB: number;
}

/** Thresholds of the project, the best first: a token takes less than this, and the device has at least this memory. */
const THRESHOLDS = [
  { grade: 'excellent', msPerToken: 20, memoryGB: 16 },
  { grade: 'good', msPerToken: 30, memoryGB: 8 },
  { grade: 'acceptable', msPerToken: 50, memoryGB: 4 },
] as const;

/** Grades a device: the best grade of which it meets both thresholds; `poor` when it meets those of none, or of no number. */
export function gradeDevice({ msPerToken, memoryGB }: DeviceFigures): DeviceGrade {
  const met = THRESHOLDS.find((least) => msPerToken < least.msPerToken && memoryGB >= least.memoryGB);
  return met?.grade ?? 'poor';
}
