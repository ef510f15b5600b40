#include "models/number_log.hpp"

#include "sim/expects.hpp"

namespace tl::reading {

void NumberLog::meet(VaryingNumber& number, bool may_ramp) {
  if (parts_ > 0) return;
  if (!replaces_) {
    entries_.push_back({number, may_ramp, false});
    return;
  }
  TL_EXPECTS(next_ < entries_.size() && entries_[next_].number.path == number.path);
  number = std::move(entries_[next_++].number);
}

void NumberLog::meet_fixed(const std::string& path, double value, const Place& at) {
  if (parts_ > 0) return;
  if (replaces_) {
    TL_EXPECTS(next_ < entries_.size() && entries_[next_].number.path == path);
    ++next_;
    return;
  }
  VaryingNumber number;
  number.base = value;
  number.path = path;
  number.at = at;
  entries_.push_back({std::move(number), false, true});
}

void NumberLog::meet(VaryingDistribution& made) {
  if (parts_ > 0) return;
  for (std::optional<VaryingNumber>* number :
       {&made.value, &made.mean, &made.sd, &made.median, &made.cv, &made.low, &made.mode, &made.high, &made.scale,
        &made.shape_parameter, &made.mu, &made.sigma, &made.stages})
    if (*number) meet(**number, false);
  for (const auto& [value, share] : made.steps) {
    meet_fixed(made.path + ".values", value, made.at);
    meet_fixed(made.path + ".shares", share, made.at);
  }
  for (MixturePart& part : made.parts) {
    meet_fixed(made.path + ".parts", part.share, made.at);
    meet(part.distribution);
  }
  const auto tail = [&](const char* name, const std::optional<double>& value) {
    if (value) meet_fixed(made.path + name, *value, made.at);
  };
  tail(".floor", made.floor);
  tail(".shift", made.shift);
  tail(".truncate", made.truncate_low);
  tail(".truncate", made.truncate_high);
}

}  // namespace tl::reading
