/// <reference lib="dom" />
import { useEffect } from "preact/hooks";
import { isUnreachable, loadModels, service } from "../state/models.ts";
import { current, photos } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { followPhotos } from "../service/follow_photos.ts";
import { DropTarget } from "./drop_target.tsx";
import { Gallery } from "./gallery.tsx";
import { Header } from "./header.tsx";
import { ModelCards } from "./model_cards.tsx";
import { Notices } from "./notices.tsx";
import { Programs } from "./programs.tsx";
import { ShapesBanner } from "./shapes_banner.tsx";
import { Start } from "./start.tsx";
import { Unreachable } from "./unreachable.tsx";
import { Workbench } from "./workbench.tsx";

/** The whole page. */
export function Page() {
  useEffect(() => {
    loadModels();
    return followPhotos();
  }, []);
  const t = texts.value;
  return (
    <>
      <a class="skip" href="#main">{t.skip}</a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Notices />
        {isUnreachable.value && <Unreachable />}
        {service.value === undefined && !isUnreachable.value && <p class="loading">{t.loading}</p>}
        {service.value !== undefined && (
          <>
            <ShapesBanner />
            {current.value === undefined ? <Start /> : <Workbench photo={current.value} />}
            {photos.value.length > 1 && <Gallery />}
            <ModelCards />
            <Programs />
          </>
        )}
      </main>
      <DropTarget />
    </>
  );
}
