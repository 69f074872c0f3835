/** More than enough for a QR code, and little enough to be quick. */
const MAX_PIXELS = 1200;

/** The text of the QR code in a picture. Rejects when there is none. The reader is loaded when it is needed first. */
export async function readQr(picture: Blob): Promise<string> {
	const { decodeQR } = await import('qr/decode.js');
	const bitmap = await createImageBitmap(picture);
	const scale = Math.min(1, MAX_PIXELS / Math.max(bitmap.width, bitmap.height));
	const [width, height] = [
		Math.max(1, Math.round(bitmap.width * scale)),
		Math.max(1, Math.round(bitmap.height * scale)),
	];
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d');
	if (!context) throw new Error('The browser cannot draw.');
	context.drawImage(bitmap, 0, 0, width, height);
	return decodeQR(context.getImageData(0, 0, width, height));
}
