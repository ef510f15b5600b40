#pragma once
#include <string>

#include "sim/model.hpp"

namespace tl {

/// A canonical text of everything a run depends on, for hashing: every field in a fixed order, whole numbers in
/// decimal, doubles by the hexadecimal of their bits (-0 and 0 differ, as they may in a run), one record a line. Two
/// models with one text give the same results; the text is the same on every machine.
std::string digest_text(const CompiledModel& model);

}  // namespace tl
