#include "apps/cli/web_page.hpp"

// In place of what build.mjs writes, where the program is built without node (-DTL_WEB=OFF).
namespace tl {

PageAssets web_page() {
  return {};
}

}  // namespace tl
