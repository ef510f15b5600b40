#pragma once
#include "analysis/page.hpp"

namespace tl {

/// The script and style of the report page, made of apps/web when the program is built; empty in a program that was
/// built without them (-DTL_WEB=OFF).
PageAssets web_page();

}  // namespace tl
