import { totalmem } from 'node:os';
import type { CommandOptions } from '../commands/command.ts';
import { usageError } from '../commands/command.ts';
import { msPerTokenOf } from './estimate-figures.ts';
import type { DeviceGrade } from './grade-device.ts';
import { gradeDevice } from './grade-device.ts';

/** The device that models are judged for. */
export interface Device {
  /** In units of 2^30 bytes. */
  readonly memoryGB: number;
  readonly bandwidthGBps: number;
  /** As measured; null where the bandwidth is to tell. */
  readonly tokensPerSecond: number | null;
}

/** What a device makes of a model. */
export interface Verdict {
  readonly grade: DeviceGrade;
  readonly msPerToken: number;
  /** True when the time was measured, not calculated. */
  readonly isMeasured: boolean;
}

/** What one thread in Chromium read from memory on the machine of docs/benchmarks.md. */
const DEFAULT_BANDWIDTH_GBPS = 11;

export const DEVICE_OPTIONS = {
  memory: { type: 'string' },
  bandwidth: { type: 'string' },
  'tokens-per-second': { type: 'string' },
} as const;

export const DEVICE_HELP = `  --memory GB       memory of the device (default: of this machine)
  --bandwidth GB/s  what one thread reads in a second (default: ${DEFAULT_BANDWIDTH_GBPS})
  --tokens-per-second N  measured on the device; wins over the bandwidth`;

/** This machine, as far as it is known without a measurement. */
export function thisDevice(): Device {
  return {
    memoryGB: Math.round(totalmem() / 2 ** 30),
    bandwidthGBps: DEFAULT_BANDWIDTH_GBPS,
    tokensPerSecond: null,
  };
}

/** Reads the device from the command line. @throws UnderstudyError `cli/usage` for what is no positive number. */
export function deviceFrom(options: CommandOptions): Device {
  const device = thisDevice();
  return {
    memoryGB: positive(options, 'memory') ?? device.memoryGB,
    bandwidthGBps: positive(options, 'bandwidth') ?? device.bandwidthGBps,
    tokensPerSecond: positive(options, 'tokens-per-second'),
  };
}

/** Judges how a device runs a model; one that does not fit its memory is poor, however fast. */
export function judgeDevice(device: Device, weightBytes: number, neededBytes: number): Verdict {
  const { tokensPerSecond, memoryGB } = device;
  const isMeasured = tokensPerSecond !== null;
  const msPerToken = isMeasured ? 1000 / tokensPerSecond : msPerTokenOf(weightBytes, device.bandwidthGBps);
  const fits = neededBytes <= memoryGB * 2 ** 30;
  return { grade: fits ? gradeDevice({ msPerToken, memoryGB }) : 'poor', msPerToken, isMeasured };
}

function positive(options: CommandOptions, name: string): number | null {
  const text = options.text(name);
  if (text === null) return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw usageError(`--${name} must be a number above 0, not "${text}".`);
}
