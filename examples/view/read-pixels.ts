import type { Page } from 'playwright-core'

/** Red, green, blue, alpha of a PNG, as the browser decodes it. */
export async function readPixels(page: Page, png: Buffer): Promise<Uint8Array> {
  const text = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
    pen.drawImage(image, 0, 0)
    const { data } = pen.getImageData(0, 0, image.width, image.height)
    let binary = ''
    for (let i = 0; i < data.length; i += 8192) binary += String.fromCharCode(...data.subarray(i, i + 8192))
    return btoa(binary)
  }, png.toString('base64'))
  return Buffer.from(text, 'base64')
}
