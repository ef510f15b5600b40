#pragma once
#include <memory>
#include <optional>
#include <utility>

namespace tl {

/// A large value that most rows do not have: kept apart, so that a row without it stays small. Otherwise like
/// std::optional.
template <class Value>
class Seldom {
 public:
  Seldom() = default;
  Seldom(Value value) : value_{std::make_unique<Value>(std::move(value))} {}
  Seldom(std::optional<Value> value) : value_{value ? std::make_unique<Value>(std::move(*value)) : nullptr} {}
  Seldom(const Seldom& other) : value_{other ? std::make_unique<Value>(*other) : nullptr} {}
  Seldom(Seldom&&) noexcept = default;
  Seldom& operator=(Seldom other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }

  explicit operator bool() const { return value_ != nullptr; }
  bool has_value() const { return value_ != nullptr; }
  Value& operator*() { return *value_; }
  const Value& operator*() const { return *value_; }
  Value* operator->() { return value_.get(); }
  const Value* operator->() const { return value_.get(); }
  void reset() { value_.reset(); }

 private:
  std::unique_ptr<Value> value_;
};

}  // namespace tl
