// segmentNamedPage: segmentPage, with the page's name in what it refuses.
import { EcgError } from "../../shared/errors.ts";
import type { PageSegmentation, SegmentHints } from "./page-segmentation.ts";
import type { PagePicture } from "./read-ink.ts";
import { segmentPage } from "./segment-page.ts";

/** @throws EcgError as `segmentPage`; every sentence begins with `id`. */
export function segmentNamedPage(
  picture: PagePicture,
  { id, hints }: { readonly id: string; readonly hints?: SegmentHints | undefined },
): PageSegmentation {
  try {
    return segmentPage(picture, hints);
  } catch (cause) {
    if (!EcgError.isInstance(cause)) throw cause;
    throw new EcgError(cause.code, `${id}: ${cause.message.replace(/^page picture: /, "")}`, {
      cause,
      details: cause.details,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}
