# SPDX-License-Identifier: Apache-2.0
# Compiler settings that every target of ours gets, and none of the generated code.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(doorstep_warnings INTERFACE)
target_compile_options(doorstep_warnings INTERFACE -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(doorstep_warnings INTERFACE -Wthread-safety)
endif()

if(DOORSTEP_SANITIZE)
  string(REPLACE ";" "," sanitizers "${DOORSTEP_SANITIZE}")
  add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With a sanitizer in between g++ no longer sees what <regex> has initialised; the presets
    # without one do.
    target_compile_options(doorstep_warnings INTERFACE -Wno-maybe-uninitialized)
    if("thread" IN_LIST DOORSTEP_SANITIZE)
      # Boost.Asio's fences, which g++ cannot show to ThreadSanitizer; its locks it can.
      target_compile_options(doorstep_warnings INTERFACE -Wno-tsan)
    endif()
  endif()
endif()

if(DOORSTEP_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
