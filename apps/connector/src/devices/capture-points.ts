/** Named points of the capture at which a crash test ends the process. */
export const capturePoints = [
	'capture.before-publish',
	'capture.after-publish',
	'capture.after-commit',
	'capture.after-receipt',
] as const;
export type CapturePoint = (typeof capturePoints)[number];
