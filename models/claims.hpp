#pragma once
#include "models/model.hpp"

namespace tl {

/// Whether any way in the model leads back to a place a client has a claim on. Without one no claim is kept.
bool has_return(const Model& model);
/// Whether a client whom an event moves out of the place keeps a claim on it, where the model has a `return`.
bool keeps_claim(const SettingSpec& setting);

}  // namespace tl
