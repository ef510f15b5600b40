#include "scenarios/sha256.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <new>
#include <stdexcept>

namespace tl {
namespace {

/// Short of memory, the library fails in many ways; the first reason it noted tells.
bool was_short_of_memory() {
  bool was = false;
  for (unsigned long error = ERR_get_error(); error != 0; error = ERR_get_error())
    was = was || ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
  return was;
}

void must(int result) {
  if (result == 1) return;
  if (was_short_of_memory()) throw std::bad_alloc{};
  throw std::runtime_error{"libcrypto cannot compute SHA-256 on this machine (is it restricted by a policy?)"};
}

}  // namespace

void Sha256::Free::operator()(void* context) const {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
  if (!context_) throw std::bad_alloc{};
  must(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), EVP_sha256(), nullptr));
}

void Sha256::add(std::span<const std::byte> bytes) {
  must(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  unsigned int length = 0;
  must(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), digest.data(), &length));
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

}  // namespace tl
