import { SessionProvider } from "./app/session";
import { WorkspaceProvider } from "./app/workspace";
import { LiveAnswerProvider } from "./ask/live";
import { LibraryProvider } from "./documents/library";
import { LanguageProvider } from "./i18n";
import { Shell } from "./shell/Shell";
import { ToastProvider } from "./ui/Toasts";

export function App() {
  return (
    <LanguageProvider>
      <SessionProvider>
        <WorkspaceProvider>
          <ToastProvider>
            <LibraryProvider>
              <LiveAnswerProvider>
                <Shell />
              </LiveAnswerProvider>
            </LibraryProvider>
          </ToastProvider>
        </WorkspaceProvider>
      </SessionProvider>
    </LanguageProvider>
  );
}
