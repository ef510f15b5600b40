#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/model.hpp"

namespace tl {

/// Names what a scenario's replications depend on: the compiled model in every field (its horizon is among them), the
/// seed and the engine's version. Names, texts and the number of replications are not in it, so results stay of use
/// when those change.
/// @return  SHA-256 as 64 hexadecimal digits, the same on every machine
std::string digest_of(const CompiledModel& model, std::uint64_t seed, std::string_view engine_version);

}  // namespace tl
